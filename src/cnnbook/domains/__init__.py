"""5.17 One convolution, other kinds of data: operations to take into your own project; torch is all they need."""
