module testees/map-provider

go 1.25.0
