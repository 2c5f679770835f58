"""Names under which hosting providers let anybody register a name of their own.

Written down in August 2026 from the providers' documentation. Whoever registers a name below one
of these after its owner gave it up receives what is sent to it.
"""

from __future__ import annotations

HOSTING = (
    # Azure
    "azurewebsites.net",
    "azurewebsites.us",
    "chinacloudsites.cn",
    "azurestaticapps.net",
    "azurecontainerapps.io",
    "azurecontainer.io",
    "azure-api.net",
    "azureedge.net",
    "azurefd.net",
    "trafficmanager.net",
    "cloudapp.net",
    "cloudapp.azure.com",
    "blob.core.windows.net",
    "web.core.windows.net",
    "logic.azure.com",
    "powerappsportals.com",
    "devtunnels.ms",
    # Amazon
    "amazonaws.com",
    "amplifyapp.com",
    "awsapprunner.com",
    "cloudfront.net",
    "elasticbeanstalk.com",
    # Google
    "appspot.com",
    "firebaseapp.com",
    "run.app",
    "web.app",
    "cloudfunctions.net",
    # Others
    "bitbucket.io",
    "fly.dev",
    "github.io",
    "githubpreview.dev",
    "app.github.dev",
    "gitlab.io",
    "glitch.me",
    "herokuapp.com",
    "loca.lt",
    "netlify.app",
    "ngrok.app",
    "ngrok.dev",
    "ngrok.io",
    "ngrok-free.app",
    "ngrok-free.dev",
    "onrender.com",
    "pages.dev",
    "r2.dev",
    "replit.app",
    "replit.dev",
    "repl.co",
    "surge.sh",
    "trycloudflare.com",
    "vercel.app",
    "workers.dev",
)
