module analyst

go 1.25.0
