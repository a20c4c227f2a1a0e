module threshold

go 1.25.0
