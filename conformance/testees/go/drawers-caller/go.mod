module testees/drawers-caller

go 1.25.0
