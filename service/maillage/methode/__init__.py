"""A territorial process prepared: the guide's rules, what is asked for, dates, data, calendar."""
