module github.com/witgen/witgen/runtime-support/go

go 1.25.0
