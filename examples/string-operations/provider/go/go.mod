module provider

go 1.25.0
