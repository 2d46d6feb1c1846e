"""5.16 Eight ways to generalise better: operations and layers to take into your own project; torch is all they need."""
