-- Counts a carrier's sightings by day. It runs as the tables' owner: these are numbers of all districts, of no case and no phone.
CREATE OR REPLACE FUNCTION count_sightings(p_carrier text, since timestamptz)
RETURNS TABLE (day date, tries bigint, served bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, count(*), count(*) FILTER (WHERE served)
  FROM sightings WHERE carrier_id = p_carrier AND at >= since GROUP BY 1 ORDER BY 1 DESC
$$;
