from bindings import exports, filters, logger


class Filters(exports.Filters):
    def filter(self, image: bytes, options: filters.Options) -> bytes:
        logger.log(f"brighter by {options.strength}")
        return bytes(min(pixel + options.strength, 255) for pixel in image)
