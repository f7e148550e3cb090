"""The pages of the plan. Private to this room."""
