"""cnnbook: the code behind a textbook chapter on convolutional networks.

One module a topic, under the chapter's own headings: ``cnnbook.convolution.transposed`` is the code of the page
``convolution/transposed``. Importing ``cnnbook`` itself imports nothing else.
"""

__version__ = "0.1.0"
