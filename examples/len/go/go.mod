module length

go 1.25.0
