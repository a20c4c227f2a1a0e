module testees/caller

go 1.25.0
