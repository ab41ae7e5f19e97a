module example.com/adapter-in-go

go 1.24
