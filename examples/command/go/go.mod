module command

go 1.25.0
