"""Why the NSSO makes a remark: what is looked up for the rules, and the words and links of what they find."""
