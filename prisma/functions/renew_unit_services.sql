-- Writes anew which units' work the people of each unit do (ADR 69). A unit does its own work. A unit that is not in
-- force also does that of every unit in force which its areas lead to, in earlier or later editions, and of the desks
-- for its areas. While cases move, its own work is also done by its successor, where it has exactly one: a district does
-- that of the wards drawn from it.
CREATE OR REPLACE FUNCTION renew_unit_services() RETURNS void LANGUAGE sql AS $$
  WITH in_force AS (
    SELECT id FROM area_editions WHERE in_force
  ), roots AS (
    SELECT u.id AS unit_id, a.id AS area_id FROM police_units u JOIN police_areas a ON a.unit_id = u.id OR a.id = u.area_id
    WHERE u.edition_id NOT IN (SELECT id FROM in_force)
  ), leads AS (
    SELECT area_id AS from_id, area_id AS to_id FROM roots
    UNION SELECT from_id, to_id FROM area_successions
    UNION SELECT to_id, from_id FROM area_successions
  ), wanted AS (
    SELECT id AS by_id, id AS of_id FROM police_units
    UNION SELECT r.unit_id, a.unit_id FROM roots r JOIN leads l ON l.from_id = r.area_id
      JOIN police_areas a ON a.id = l.to_id AND a.edition_id IN (SELECT id FROM in_force)
    UNION SELECT min(a.unit_id), r.unit_id FROM roots r JOIN leads l ON l.from_id = r.area_id
      JOIN police_areas a ON a.id = l.to_id AND a.edition_id IN (SELECT id FROM in_force)
      JOIN police_units u ON u.id = r.unit_id
      JOIN area_editions e ON e.id = u.edition_id AND e.switched_at IS NOT NULL
      GROUP BY r.unit_id HAVING count(DISTINCT a.unit_id) = 1
    UNION SELECT r.unit_id, d.id FROM roots r
      JOIN police_units d ON d.area_id = r.area_id AND d.edition_id IN (SELECT id FROM in_force)
  ), gone AS (
    DELETE FROM unit_services s WHERE NOT EXISTS (SELECT FROM wanted w WHERE w.by_id = s.by_id AND w.of_id = s.of_id)
  )
  INSERT INTO unit_services (by_id, of_id) SELECT by_id, of_id FROM wanted ON CONFLICT DO NOTHING;
$$;
