module testees/soak

go 1.25.0
