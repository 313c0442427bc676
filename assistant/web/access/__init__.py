"""Login, setup and one's own account; and what other routes need to ask who is there.

Routes use `Depends(require(Permission.RUN_ROOM))`, sockets `Depends(require_socket(…))`, pages with
forms are rendered by `staff_page`.
"""
