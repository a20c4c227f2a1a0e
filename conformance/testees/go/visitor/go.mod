module testees/visitor

go 1.25.0
