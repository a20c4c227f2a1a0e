module roundtripprovider

go 1.25.0
