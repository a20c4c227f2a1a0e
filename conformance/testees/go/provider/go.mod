module testees/provider

go 1.25.0
