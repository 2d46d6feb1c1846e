"""5.15 Hyperparameters, felt and diagnosed: operations to take into your own project; torch is all they need."""
