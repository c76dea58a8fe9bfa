-- Counts a carrier's sightings by day. Runs as the tables' owner, because the totals cover all districts. They reveal no case and
-- no phone.
CREATE OR REPLACE FUNCTION count_sightings(p_carrier text, since timestamptz)
RETURNS TABLE (day date, tries bigint, served bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, count(*), count(*) FILTER (WHERE served)
  FROM sightings WHERE carrier_id = p_carrier AND at >= since GROUP BY 1 ORDER BY 1 DESC
$$;
