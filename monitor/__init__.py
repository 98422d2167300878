"""orderwatch: a monitor for buyers' orders, parcels, deadlines and disputes."""
