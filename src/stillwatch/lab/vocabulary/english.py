"""Fields of interest in English: things, situations and aims, each a list parted by semicolons."""

ENGLISH: dict[str, tuple[str, str, str]] = {
    "python": (
        "a dataclass;a generator;the asyncio loop;a pandas frame;the logging setup;a context manager;type hints;a decorator;the virtual environment;a unit test;the import path;a regex;the requests session;a subprocess call;the argument parser;a numpy array",
        "it raises a KeyError;the tests pass locally but fail in CI;memory keeps growing;it blocks the event loop;the module is imported twice;the encoding is wrong;a dependency was upgraded;it runs under Windows",
        "make it faster;remove the duplication;keep it readable;support Python 3.12;write tests first;avoid global state",
    ),
    "web": (
        "the login form;a React component;the CSS grid;the service worker;a websocket;the cookie banner;the router;a modal dialog;the fetch call;an SVG icon;the build script;the dark theme;a date picker;the sidebar;the error page;lazy loading",
        "it flickers on Safari;the state is lost on reload;the bundle got too big;the request is blocked by CORS;it re-renders on every key;the layout breaks on phones;the font loads late;the token expires",
        "ship it this week;pass the accessibility audit;keep the bundle small;support old browsers;share it between pages;drop the framework",
    ),
    "databases": (
        "a slow query;the index;a migration;the foreign key;a materialised view;the connection pool;a window function;the audit table;a backup;the replica;a stored procedure;the partition;an upsert;the lock wait;a join;the schema",
        "the table has 40 million rows;it deadlocks at night;the plan changed after an upgrade;null values appear;the replica lags behind;two writers collide;the disk is nearly full;the ORM hides the query",
        "avoid downtime;halve the run time;keep the history;make it idempotent;stay within one transaction;archive old rows",
    ),
    "operations": (
        "the load balancer;a Kubernetes pod;the Terraform module;a cron job;the alert rule;the TLS certificate;a Docker image;the log shipper;the rollout;a systemd unit;the DNS record;the autoscaler;the secret store;a Helm chart;the bastion host;the dashboard",
        "it restarts every hour;the probe times out;the certificate expired;the node is out of memory;only one region is affected;the deploy was rolled back;the alert is too noisy;the disk fills with logs",
        "cut the bill;get to zero downtime;write the runbook;make it reproducible;page fewer people;pass the audit",
    ),
    "statistics": (
        "a regression;the confidence interval;the residuals;a mixed model;the prior;a bootstrap;the p-value;an outlier;the survival curve;a t-test;the effect size;the missing data;the interaction term;a power analysis;the odds ratio;a time series",
        "the sample is small;the variance grows with the mean;the groups are unbalanced;the reviewers asked for it;values are censored;the data were collected twice;the assumption is violated;there are repeated measures",
        "report it honestly;explain it to a clinician;choose the right test;plot it clearly;check the assumption;redo it in R",
    ),
    "school maths": (
        "a quadratic equation;the common denominator;a right triangle;the percentage;a word problem about trains;the area of a circle;a system of equations;the prime factors;a probability tree;the slope;a geometric series;long division;the mean and the median;a negative exponent;the unit circle;a proof by induction",
        "my teacher wants the working;I get a negative length;the answer in the book is different;there is a test tomorrow;the numbers are fractions;I missed the lesson;the diagram is not to scale;calculators are not allowed",
        "understand it;check my answer;practise with similar ones;remember the rule;draw it;do it without a calculator",
    ),
    "physics": (
        "a pendulum;the electric field;a lens;angular momentum;a heat engine;the double slit;an inclined plane;the capacitor;a standing wave;the half-life;a pulley;special relativity;the pressure in a pipe;a spring;the magnetic flux;black-body radiation",
        "friction cannot be neglected;the units do not match;the lab value is 12 percent off;the angle is small;the system starts at rest;the charge is negative;two forces balance;the frame is rotating",
        "derive the formula;estimate the size;get an intuition;prepare the lab report;solve it for my exam;find the error",
    ),
    "biology": (
        "the cell membrane;a PCR primer;the Krebs cycle;a dominant allele;the food web;an enzyme;photosynthesis;the immune response;a bird call;the gut flora;a pedigree;mitosis;the nitrogen cycle;an invasive plant;the synapse;a field survey",
        "the control failed;the sample is contaminated;the exam is on Monday;the sequence has a gap;the temperature was wrong;the population crashed;the two species hybridise;the gel shows two bands",
        "memorise the steps;design the experiment;write the abstract;compare the two;label the figure;explain it to pupils",
    ),
    "cooking": (
        "a sourdough loaf;the pumpkin soup;a lentil curry;the roast chicken;a birthday cake;the tomato sauce;pickled cucumbers;a risotto;the pie crust;a marinade;the dumplings;an omelette;the leftover rice;a salad dressing;the ramen broth;a vegan lasagne",
        "I have no oven;it came out too salty;guests arrive in an hour;someone is allergic to nuts;the dough did not rise;I only have one pan;it tastes flat;the kids will not eat it",
        "use up what is in the fridge;make it ahead;feed eight people;keep it under 30 minutes;make it less sweet;freeze half of it",
    ),
    "travel": (
        "the night train;a layover in Lisbon;the visa form;a rental car;the hostel;a week in Kyoto;the ferry;travel insurance;the rail pass;a day trip;the airport bus;a hiking route;the packing list;the border crossing;a campsite;the lost suitcase",
        "we travel with a toddler;the connection is only 40 minutes;it rains all week;the budget is tight;my passport expires in May;the last bus leaves at nine;one of us is afraid of flying;everything is booked out",
        "plan three days;see more than museums;save money;avoid the crowds;get a refund;travel light",
    ),
    "gardening": (
        "the tomato seedlings;a compost heap;the rose bush;slugs on the lettuce;the apple tree;a raised bed;the lawn;a window box;the irrigation hose;the hydrangea;garlic;the greenhouse;a hedge;the potting soil;the herbs;an olive tree",
        "the leaves turn yellow;frost is forecast;the soil is heavy clay;we only get morning sun;the cat digs in it;it has not rained for weeks;it was repotted in autumn;there are white spots",
        "harvest until October;use no chemicals;keep it alive over winter;attract bees;prune it properly;start from seed",
    ),
    "health": (
        "a stiff neck;the sleep schedule;a sprained ankle;iron tablets;the pollen season;a headache;blood pressure;the running plan;a vaccination;low back pain;the meal plan;a cough;screen fatigue;the dentist visit;a blister;vitamin D",
        "it has lasted for two weeks;I sit all day;the doctor is on holiday;I also take aspirin;it gets worse at night;I am pregnant;it started after a flight;my father has the same",
        "know when to see a doctor;sleep better;get back to sport;ask the right questions;keep a diary;avoid painkillers",
    ),
    "law and rent": (
        "the rental contract;a deposit;the notice period;an invoice dispute;the power of attorney;a parking fine;the warranty;a non-compete clause;the will;a neighbour's fence;the tenancy agreement;an appeal;the data protection request;a mediation;the statute of limitations;a late fee",
        "the landlord does not answer;the deadline is Friday;nothing was signed;the amount is small;I moved abroad;there were witnesses;the contract is from 1998;they threaten to sue",
        "write a polite letter;understand my rights;avoid court;find the relevant law;prepare the meeting;summarise the clause",
    ),
    "finance": (
        "the quarterly budget;a mortgage;the balance sheet;an index fund;the VAT return;a cash-flow forecast;the payroll;an expense report;the depreciation;a savings plan;the exchange rate;a grant application;the cap table;a purchase order;the break-even point;an audit finding",
        "the numbers do not add up;the year ends in June;the client pays late;interest rates went up;two currencies are involved;the auditor asked;the cell shows #REF;I am self-employed",
        "explain it to the board;reconcile it;save taxes legally;build a template;compare two offers;cut ten percent",
    ),
    "marketing": (
        "the newsletter;a landing page;the product name;a slogan;the launch plan;an ad for bakers;the brand voice;a survey;the press release;a discount campaign;the webinar invitation;customer quotes;the blog calendar;an unboxing video;the pitch deck;a referral programme",
        "the open rate fell;the audience is engineers;legal must approve it;we have no budget;a competitor launched first;the tone is too stiff;half the list is inactive;it goes live tomorrow",
        "sound less pushy;get more replies;test two versions;fit into 90 characters;reach parents;translate it later",
    ),
    "support desk": (
        "a refund request;the delayed parcel;an angry customer;the password reset;a double charge;the cancelled order;a broken zip;the subscription;a missing invoice;the return label;an address change;a wrong size;the loyalty points;a feature request;the warranty claim;a phishing report",
        "it is the third complaint;the customer writes in French;the courier lost it;the policy says no;it is past the deadline;the system shows delivered;they want a manager;stock is empty",
        "keep the customer;answer within two lines;apologise without admitting fault;offer a voucher;close the ticket;escalate it properly",
    ),
    "fiction": (
        "a detective in a lighthouse;the opening scene;a villain with manners;the second chapter;a dialogue on a train;the unreliable narrator;a dragon who hoards maps;the love triangle;a haunted library;the ending;a heist crew;the royal cook;a letter from the front;the android gardener;a village feud;the prophecy",
        "the pace drags;both characters sound alike;it needs more tension;the twist is obvious;it is told in first person;the word limit is 800;it is set in 1920;my editor hates adverbs",
        "make it funnier;show, do not tell;cut a third;foreshadow the twist;write it as a poem;keep it for children",
    ),
    "games": (
        "a rogue build;the dungeon map;a chess opening;the loot table;a goblin merchant;the puzzle room;the skill tree;a speedrun;the boss fight;a card combo;the save file;a house rule;the level editor;a tabletop campaign;the crafting system;the matchmaking",
        "the party is level five;it crashes after the cutscene;one player dominates;we have two hours;the balance patch changed it;I play on a laptop;nobody reads the rules;the frame rate drops",
        "make it fairer;prepare a one-shot;beat it without magic;explain it to beginners;write the lore;speed it up",
    ),
    "music": (
        "a chord progression;the bass line;a drum fill;the chorus;a violin exercise;the mixing desk;a minor scale;the reverb;a choir arrangement;sight reading;a synth patch;the time signature;song lyrics;the bridge;a capo;the setlist",
        "my fingers are short;the vocals get buried;it is in seven eight;the band has no drummer;the recording clips;I practise ten minutes a day;the singer is an alto;the strings buzz",
        "play it at a wedding;learn it by ear;make it sound warmer;transpose it;write a second verse;practise smarter",
    ),
    "history": (
        "the Hanseatic League;the Silk Road;a Roman road;the printing press;the French Revolution;a medieval guild;the spice trade;the Meiji era;the Black Death;a steam engine;the Congress of Vienna;the Ottoman court;the Marshall Plan;a Viking ship;the abolition movement;the Library of Alexandria",
        "sources disagree;the essay is due on Thursday;the dates are uncertain;only one chronicle survives;it is for a museum label;my thesis is about women;the textbook is outdated;it is often misquoted",
        "find primary sources;write an outline;compare it with today;explain the causes;make a timeline;avoid anachronism",
    ),
    "language learning": (
        "the subjunctive;a job interview in English;the past tense;irregular verbs;a pronunciation drill;the article;word order;a phrasal verb;the formal you;a vocabulary list;the passive voice;listening practice;false friends;a short dialogue;the conditional;spelling",
        "I am at level B1;I keep mixing them up;the exam is in spring;my tutor is strict;nobody talks to me;I learnt it from films;my accent is strong;I have fifteen minutes a day",
        "correct my sentences;practise with a role play;give me examples;explain it simply;sound natural;build a habit",
    ),
    "email and letters": (
        "an email to my boss;the cover letter;a resignation;the meeting notes;a wedding speech;an apology;the reference letter;a reminder;the out-of-office reply;an invitation;a complaint to the airline;the thank-you note;a status update;the agenda;a LinkedIn message;the condolence card",
        "it must be short;we have never met;the tone is off;English is not my first language;it is already late;the recipient is very formal;I said yes too soon;several people read it",
        "sound polite;get to the point;say no kindly;ask for a raise;keep the door open;shorten it by half",
    ),
    "careers": (
        "my CV;a salary negotiation;the probation period;a career change;the portfolio;a gap year;the performance review;a remote job;the team lead role;an internship;the panel interview;a mentor;burnout;the notice letter;a case study;the side project",
        "I have been there for nine years;the offer is lower;I have two children;my manager left;the job ad asks for ten years;I work nights;the company is merging;I am over fifty",
        "prepare five questions;stand out;decide by Friday;stay on good terms;list my strengths;avoid clichés",
    ),
    "parenting": (
        "a bedtime story;the terrible twos;screen time;a school lunch;homework quarrels;the birthday party;a shy teenager;potty training;sibling fights;the first phone;a rainy afternoon;swimming lessons;pocket money;a new baby;the class chat;a bilingual home",
        "she is four;he refuses everything;we both work shifts;the grandparents disagree;it happens every evening;there are three of them;the teacher called;we are moving",
        "stay calm;set a rule;find a game;talk about it;keep it fair;make it fun",
    ),
    "machine learning": (
        "a learning rate;the validation split;a confusion matrix;the embedding layer;an imbalanced data set;the tokenizer;a random forest;early stopping;the loss curve;a feature store;the baseline;hyperparameters;a fine-tuning run;label noise;the attention mask;a drift alarm",
        "the loss becomes NaN;it overfits after two epochs;there is only one GPU;the labels disagree;inference is too slow;the data changed in March;the classes are skewed;the paper omits details",
        "reproduce the paper;explain it to managers;beat the baseline;make it run on CPU;plot it;write the model card",
    ),
    "spreadsheets": (
        "a pivot table;the lookup formula;conditional formatting;a drop-down list;the duplicate rows;a Gantt chart;the date column;a macro;the running total;the merged cells;an import from CSV;the shift plan;a weighted average;the inventory sheet;nested conditions;a chart axis",
        "the dates are text;it shows an error;there are 60,000 rows;the file is shared;decimals use a comma;someone sorted one column;the months are columns;it must print on one page",
        "do it without macros;keep it simple;update it weekly;highlight problems;split the names;protect the sheet",
    ),
    "logistics": (
        "the delivery route;a warehouse layout;the customs form;a pallet count;the cold chain;the forklift shift;a container delay;the picking list;a supplier scorecard;the reorder point;the freight quote;a returns process;the loading dock;a barcode label;the lead time;packaging",
        "the port is on strike;the truck holds 18 pallets;stock differs from the system;demand doubles in December;the supplier missed it twice;the address is incomplete;temperature must stay below five degrees;two sites share it",
        "save fuel;cut the stock;plan the week;write the procedure;reduce errors;negotiate better",
    ),
    "building": (
        "a leaking tap;the loft insulation;a load-bearing wall;the heat pump;tile grout;a squeaky floor;the fuse box;a wooden deck;damp in the cellar;the gutter;a drywall patch;the radiator;a garden shed;window seals;the paint;a stair rail",
        "the house is from 1930;I rent the flat;the wall is not straight;it drips at night;I have never drilled;the neighbour complains;the pipe is lead;winter is coming",
        "do it myself;estimate the cost;find the cause;do it safely;avoid mould;choose the material",
    ),
    "electronics": (
        "a voltage divider;the microcontroller;a stepper motor;the soldering iron;a LoRa node;the battery pack;an op-amp;the I2C bus;a relay board;the oscilloscope;a PCB trace;the temperature sensor;a buck converter;an LED strip;the bootloader;a pull-up resistor",
        "the reading drifts;it resets when the motor starts;the chip gets hot;the bus hangs;the range is only ten metres;it must run a year on batteries;the datasheet is in Chinese;ground is noisy",
        "draw the circuit;choose the part;save power;debug it;write the firmware;make it waterproof",
    ),
    "security": (
        "a phishing mail;the firewall rule;two-factor login;an old TLS version;the password policy;a suspicious process;the backup plan;a port scan;the VPN;an access review;the audit log;a lost laptop;the incident report;a vulnerable library;the session token;single sign-on",
        "the auditor comes on Monday;it is a legacy system;users complain;the vendor does not patch;the log is empty;we are a team of two;it was exposed for a day;the CEO wants an exception",
        "write the policy;explain the risk;find the cause;harden it;train the staff;report it",
    ),
    "research writing": (
        "the literature review;an abstract;the methods section;a rebuttal;the grant proposal;a poster;the related work;a figure caption;the limitations;an ethics form;the cover letter to the editor;a thesis outline;the citation style;a data statement;the discussion;a conference talk",
        "the word limit is 250;reviewer two is unhappy;my supervisor wants it shorter;the results are negative;the deadline moved;half of it is jargon;co-authors disagree;the field is new to me",
        "make it clearer;tighten it;answer every point;find the gap;use active voice;keep the claims modest",
    ),
    "philosophy": (
        "free will;the trolley problem;Stoic advice;the ship of Theseus;a moral dilemma;personal identity;Kant's imperative;the problem of evil;a thought experiment;utilitarianism;the meaning of work;scepticism;the social contract;animal rights;an ethics essay;the veil of ignorance",
        "my friend disagrees;it is for a seminar;both sides sound right;I only have one page;it keeps me awake;the text is old;it is a debate club;the teacher is a realist",
        "argue both sides;find the weak premise;give an example;simplify it;connect it to daily life;write a dialogue",
    ),
    "sport": (
        "a marathon plan;the offside rule;a tennis serve;the climbing route;strength training;the relay team;a bike fitting;the warm-up;swim technique;a five-a-side league;the rowing machine;a training diary;goalkeeping drills;the ski trip;a yoga flow;injury prevention",
        "I have eight weeks;my knee hurts;the team is mixed;we train indoors;I am a beginner;the season starts soon;it is 35 degrees;I travel a lot",
        "run it under four hours;avoid injuries;build a plan;stay motivated;coach ten-year-olds;improve slowly",
    ),
    "astronomy and weather": (
        "a lunar eclipse;the telescope mount;a comet;the jet stream;a cold front;the Milky Way;a rain gauge;Jupiter's moons;the tide table;a star chart;the aurora;an exoplanet;the barometer;a thunderstorm;the meteor shower;a sunspot",
        "the sky is bright here;the forecast changed;the mirror is dirty;the model disagrees with the station;it happens at dawn;clouds move in;I have binoculars only;the data has gaps",
        "photograph it;explain it to a class;predict it;log the data;choose gear;find it in the sky",
    ),
    "film and series": (
        "a film from the seventies;the season finale;a documentary about trains;the soundtrack;a plot hole;the director's cut;a short film;the casting;a silent film;the subtitle file;a film essay;the costume design;a festival entry;the opening shot;a remake;the dubbing",
        "we have three evenings;I fell asleep;no spoilers please;the critics hated it;it is for a film club;my parents join;it was cut by an hour;the book was better",
        "find something similar;write a review;rank them;explain the ending;plan a marathon;discuss it",
    ),
    "shopping and cars": (
        "a used car;the winter tyres;a mattress;the e-bike;noise-cancelling headphones;the dishwasher;a standing desk;hiking boots;the insurance quote;a child seat;the oil change;a refurbished laptop;the coffee grinder;a tent;the dash light;a monitor",
        "the budget is 400;it makes a strange noise;reviews contradict;the warranty is over;I am tall;it must fit in a small flat;I buy once in ten years;the dealer insists",
        "compare two models;know what to check;negotiate;repair it instead;keep it quiet;buy second-hand",
    ),
}
