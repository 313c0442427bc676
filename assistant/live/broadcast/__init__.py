"""An approved script on air: part by part, between the answers. See decisions/0031."""
