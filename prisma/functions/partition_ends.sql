-- Lists the monthly partitions of a table, except the default one, each with the day before which its rows are (UTC).
CREATE OR REPLACE FUNCTION partition_ends(p_table text) RETURNS TABLE (name name, ends date) LANGUAGE sql STABLE
SET timezone = 'UTC' SET datestyle = 'ISO' AS $$
  SELECT c.relname, substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''([0-9-]+)')::date
  FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
  WHERE inhparent = ('public.' || p_table)::regclass AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
$$;
