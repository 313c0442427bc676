"""Files that leave the house: their typefaces, their QR codes, and the AIGC label inside them."""
