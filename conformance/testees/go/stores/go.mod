module testees/stores

go 1.25.0
