module testees/drawers-provider

go 1.25.0
