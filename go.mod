module parcours

go 1.26
