module roundtripcaller

go 1.25.0
