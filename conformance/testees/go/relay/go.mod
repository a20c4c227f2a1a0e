module testees/relay

go 1.25.0
