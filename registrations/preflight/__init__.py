"""Tomorrow's trouble from our own data, and how often such foresight was right."""
