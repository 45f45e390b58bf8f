module example.com/go-upstream

go 1.19
