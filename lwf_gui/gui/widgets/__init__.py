"""Parts of the window that are no panels: fields, boxes, bars, messages."""
