"""The wire: one adapter for each company that carries texts. It knows no database and makes no decision."""
