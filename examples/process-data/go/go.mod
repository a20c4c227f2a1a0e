module processdata

go 1.25.0
