module testees/middle

go 1.25.0
