-- The model aw over the resellers of Microsoft's AdventureWorksDW, in the schema adventureworks with the names of the original:
-- FactResellerSales, FactSalesQuota, FactProductInventory, DimReseller, DimGeography, DimSalesTerritory, DimEmployee, DimProduct,
-- DimProductSubcategory, DimProductCategory and DimPromotion, each dimension with its primary key.
-- What each statement decides is on the page doc/companies.md.

CREATE INDEX ON adventureworks.FactResellerSales (ResellerKey, OrderDate);
CREATE INDEX ON adventureworks.FactResellerSales (OrderDate);

SELECT kam_create_model('aw', 'integer');

INSERT INTO aw.kam_assignment (customer_id, person_id, valid)
SELECT ResellerKey, EmployeeKey, daterange(OrderDate, lead(OrderDate) OVER (PARTITION BY ResellerKey ORDER BY OrderDate))
FROM (
  SELECT ResellerKey, OrderDate, EmployeeKey, lag(EmployeeKey) OVER (PARTITION BY ResellerKey ORDER BY OrderDate) AS before
  FROM (SELECT DISTINCT ON (ResellerKey, OrderDate) ResellerKey, OrderDate, EmployeeKey FROM adventureworks.FactResellerSales
        ORDER BY ResellerKey, OrderDate, SalesOrderNumber DESC) AS day) AS change
WHERE before IS DISTINCT FROM EmployeeKey;

INSERT INTO aw.person_target (person_id, period, target)
SELECT EmployeeKey, daterange(Date, coalesce(lead(Date) OVER (PARTITION BY EmployeeKey ORDER BY Date), (Date + interval '3 months')::date)), SalesAmountQuota
FROM adventureworks.FactSalesQuota;

SELECT kam_bind('aw', 'sale', $$
  SELECT f.ResellerKey AS customer_id, f.ResellerKey AS outlet_id, f.ProductKey AS product_id, f.OrderDate AS sold_on, f.SalesAmount AS amount,
         f.OrderQuantity AS quantity, f.TotalProductCost AS cost, f.ExtendedAmount AS list_amount, f.DiscountAmount AS discount, f.EmployeeKey AS person_id,
         nullif(own.SalesTerritoryRegion, 'NA') AS territory, t.SalesTerritoryRegion AS ship_to_territory, f.SalesOrderNumber AS document_no,
         nullif(f.PromotionKey, 1)::text AS promo_id
  FROM adventureworks.FactResellerSales AS f
  LEFT JOIN adventureworks.DimSalesTerritory AS t ON t.SalesTerritoryKey = f.SalesTerritoryKey
  LEFT JOIN adventureworks.DimEmployee AS e ON e.EmployeeKey = f.EmployeeKey
  LEFT JOIN adventureworks.DimSalesTerritory AS own ON own.SalesTerritoryKey = e.SalesTerritoryKey $$);

SELECT kam_bind('aw', 'customer', $$
  SELECT r.ResellerKey AS customer_id, r.ResellerName AS name, r.BusinessType AS channel, r.ProductLine AS segment, t.SalesTerritoryRegion AS territory, a.person_id
  FROM adventureworks.DimReseller AS r
  LEFT JOIN adventureworks.DimGeography AS g ON g.GeographyKey = r.GeographyKey
  LEFT JOIN adventureworks.DimSalesTerritory AS t ON t.SalesTerritoryKey = g.SalesTerritoryKey
  LEFT JOIN aw.kam_assignment AS a ON a.customer_id = r.ResellerKey AND a.role = 'manager' AND upper_inf(a.valid) $$);

SELECT kam_bind('aw', 'outlet', 'SELECT ResellerKey AS outlet_id, ResellerKey AS customer_id, make_date(YearOpened, 1, 1) AS opened_on FROM adventureworks.DimReseller');

SELECT kam_bind('aw', 'person', $$
  SELECT e.EmployeeKey AS person_id, e.FirstName || ' ' || e.LastName AS name, e.Title AS role, m.LastName AS team, nullif(t.SalesTerritoryRegion, 'NA') AS territory,
         e.ParentEmployeeKey AS manager_id, e.HireDate AS joined_on, e.EndDate AS left_on
  FROM adventureworks.DimEmployee AS e
  LEFT JOIN adventureworks.DimEmployee AS m ON m.EmployeeKey = e.ParentEmployeeKey
  LEFT JOIN adventureworks.DimSalesTerritory AS t ON t.SalesTerritoryKey = e.SalesTerritoryKey
  WHERE e.SalesPersonFlag = 1 $$);

SELECT kam_bind('aw', 'product', $$
  SELECT p.ProductKey AS product_id, p.EnglishProductName AS name, c.EnglishProductCategoryName AS category, s.EnglishProductSubcategoryName AS brand,
         p.StandardCost AS unit_cost, p.DealerPrice AS price
  FROM adventureworks.DimProduct AS p
  LEFT JOIN adventureworks.DimProductSubcategory AS s ON s.ProductSubcategoryKey = p.ProductSubcategoryKey
  LEFT JOIN adventureworks.DimProductCategory AS c ON c.ProductCategoryKey = s.ProductCategoryKey $$);

SELECT kam_bind('aw', 'order_line', $$
  SELECT SalesOrderNumber AS order_no, ResellerKey AS customer_id, ProductKey AS product_id, OrderDate AS ordered_on, OrderQuantity AS ordered,
         OrderQuantity AS delivered, DueDate AS promised_on, ShipDate AS delivered_on, SalesAmount AS ordered_amount, SalesAmount AS delivered_amount
  FROM adventureworks.FactResellerSales $$);

SELECT kam_bind('aw', 'promo', $$
  SELECT p.PromotionKey::text AS promo_id, f.ResellerKey AS customer_id, f.ProductKey AS product_id, p.StartDate AS starts_on, p.EndDate AS ends_on,
         p.EnglishPromotionType AS kind, f.promo_price, f.list_price, f.spend
  FROM (SELECT PromotionKey, ResellerKey, ProductKey, min(UnitPrice * (1 - UnitPriceDiscountPct)) AS promo_price, max(UnitPrice) AS list_price, sum(DiscountAmount) AS spend
        FROM adventureworks.FactResellerSales WHERE PromotionKey <> 1 GROUP BY PromotionKey, ResellerKey, ProductKey) AS f
  JOIN adventureworks.DimPromotion AS p ON p.PromotionKey = f.PromotionKey $$);

SELECT kam_bind('aw', 'inventory', $$
  SELECT ProductKey AS product_id, MovementDate AS valued_on, UnitsBalance * UnitCost AS value
  FROM adventureworks.FactProductInventory $$);

UPDATE aw.setting SET at_risk_after = 120, lost_after = 200;
