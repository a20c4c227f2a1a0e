module testees/probe

go 1.25.0
