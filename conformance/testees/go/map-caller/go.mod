module testees/map-caller

go 1.25.0
