const { API } = process.env;
const { orders } = await (await fetch(new URL("/orders", API))).json();
const count = (state) => orders.filter((order) => order.state === state).length;
const report = { at: new Date().toISOString(), open: count("open"), packed: count("packed") };
const response = await fetch(new URL("/reports", API), { method: "POST", body: JSON.stringify(report) });
if (!response.ok) throw new Error(`The API answered ${response.status}.`);
console.log(`reported ${report.open} open and ${report.packed} packed orders`);
