"""The stage without a browser: drawn by Pillow, mixed here, as raw pictures and samples."""
