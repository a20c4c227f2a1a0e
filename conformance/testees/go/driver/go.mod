module testees/driver

go 1.25.0
