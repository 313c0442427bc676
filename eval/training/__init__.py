"""Programs that train what the product ships."""
