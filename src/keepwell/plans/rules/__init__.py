"""True without a database: what a plan is made of, what is covered and bare, weeks, reviews and leave."""
