"""NUMBER EN: what the reader is asked beside the text."""

from cnnbook.questions.question import Question

# write: three questions or more, with convolution/transposed.py as the model
QUESTIONS: tuple[Question, ...] = ()
