from bindings import exports, logger


class WitWorld(exports.WitWorld):
    def run(self) -> None:
        logger.log("starting")
        logger.log("done")
