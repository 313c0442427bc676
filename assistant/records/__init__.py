"""SQL: tables, migrations, repositories."""
